using System.Net;
using System.Security.Cryptography;
using Gateway.Calls;
using Gateway.Core.Issuers;
using Gateway.Core.Keys;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Telemetry;

namespace Gateway.Callers;

/// <summary>
/// Tells who calls, or why nobody does. Needs only memory, except at the first use of a key, user or access token on this node.
/// </summary>
internal sealed class Authenticator(
    CallerDirectory directory,
    IssuerSignIn issuer,
    DatabaseWatch database,
    PolicySource policy,
    GatewayMetrics metrics,
    TimeProvider time
)
{
    /// <summary>Authenticates a call.</summary>
    /// <param name="headers">Its headers.</param>
    /// <param name="address">Where it comes from, behind trusted proxies; null: not known.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    public async ValueTask<(Caller? Caller, Refusal? Refusal)> AuthenticateAsync(
        IHeaderDictionary headers,
        IPAddress? address,
        CancellationToken cancellationToken
    )
    {
        if (database.State == DatabaseState.Gone)
        {
            return (null, Refusals.DatabaseGone); // nothing that is charged now would be kept: nobody may call
        }
        if (!Credential.TryRead(headers, out var credential, out var refusal))
        {
            return (null, refusal);
        }
        try
        {
            return credential.Span.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal)
                    ? await ByKeyAsync(credential, address, cancellationToken)
                : ImportedKey.HasForm(credential.Span) ? await ByImportedKeyAsync(credential, address, cancellationToken)
                : issuer.Takes(credential.Span) ? await ByIssuerAsync(credential, cancellationToken)
                : await ByTokenAsync(credential.ToString(), cancellationToken);
        }
        catch (CallerStoreUnavailableException)
        {
            metrics.DatabaseFailed(DatabaseOperations.Callers);
            return (null, Refusals.StoreUnavailable);
        }
    }

    private async ValueTask<(Caller?, Refusal?)> ByKeyAsync(
        ReadOnlyMemory<char> text,
        IPAddress? address,
        CancellationToken cancellationToken
    )
    {
        if (!ApiKeyText.TryParse(text.Span, out var publicId, out _))
        {
            return (null, Refusals.MalformedKey);
        }
        var pending = directory.FindKeyAsync(publicId, cancellationToken);
        var key = pending.IsCompletedSuccessfully ? pending.Result : await pending;
        return key is null || !SecretMatches(text.Span, key)
            ? (null, Refusals.UnknownKey)
            : await ByKnownKeyAsync(key, address, cancellationToken);
    }

    private async ValueTask<(Caller?, Refusal?)> ByImportedKeyAsync(
        ReadOnlyMemory<char> text,
        IPAddress? address,
        CancellationToken cancellationToken
    )
    {
        var key = await directory.FindKeyAsync(ImportedKey.PublicIdOf(text.Span), cancellationToken);
        return key is null || !SecretMatches(text.Span, key)
            ? (null, Refusals.NotAKey)
            : await ByKnownKeyAsync(key, address, cancellationToken);
    }

    private async ValueTask<(Caller?, Refusal?)> ByKnownKeyAsync(CallingKey key, IPAddress? address, CancellationToken cancellationToken)
    {
        if (key.IsRevoked)
        {
            return (null, Refusals.RevokedKey);
        }
        if (key.ExpiresAt <= Now)
        {
            return (null, Refusals.ExpiredKey);
        }
        if (!key.MayComeFrom(address))
        {
            return (null, Refusals.AddressNotAllowed);
        }
        return Admit(await directory.FindUserAsync(key.UserId, cancellationToken), key);
    }

    private async ValueTask<(Caller?, Refusal?)> ByTokenAsync(string token, CancellationToken cancellationToken) =>
        await directory.FindSessionUserAsync(token, cancellationToken) is { } userId
            ? Admit(await directory.FindUserAsync(userId, cancellationToken), key: null)
            : (null, Refusals.InvalidToken);

    private async ValueTask<(Caller?, Refusal?)> ByIssuerAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        var outcome = await FindIssuedAsync(token, cancellationToken);
        return outcome.Verdict switch
        {
            IssuerVerdict.Accepted => Admit(await directory.FindUserAsync(outcome.UserId!, cancellationToken), key: null),
            IssuerVerdict.NoAccount => (null, Refusals.NoAccount),
            IssuerVerdict.UnknownGroup => (null, Refusals.UnknownGroup(outcome.Reason!)),
            IssuerVerdict.Unavailable => (null, Refusals.IssuerUnavailable),
            _ => (null, Refusals.InvalidToken),
        };
    }

    private async ValueTask<IssuerOutcome> FindIssuedAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        try
        {
            return await issuer.FindUserAsync(token, cancellationToken);
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            throw new CallerStoreUnavailableException(fault);
        }
    }

    private (Caller?, Refusal?) Admit(CallingUser? user, CallingKey? key)
    {
        if (user is null || !user.IsActive || user.ExpiresAt <= Now)
        {
            return (null, Refusals.AccountInactive);
        }
        // By the policy, not by what was read with the user: a tier that changes concerns all its users, and none of them is read again.
        var needsApproval = policy.Current.FindTier(user.TierId)?.IsFree ?? user.TierIsFree;
        return needsApproval && !user.IsApproved ? (null, Refusals.ApprovalRequired) : (new Caller(user, key), null);
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private bool SecretMatches(ReadOnlySpan<char> text, CallingKey key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (ImportedKey.HasForm(text))
        {
            ImportedKey.Hash(text, hash);
        }
        else
        {
            ApiKeyText.HashSecret(text[^ApiKeyText.SecretLength..], hash);
        }
        return CryptographicOperations.FixedTimeEquals(hash, key.SecretHash)
            || (key.PreviousSecretEndsAt > Now && CryptographicOperations.FixedTimeEquals(hash, key.PreviousSecretHash));
    }
}
