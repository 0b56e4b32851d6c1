using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Microsoft.Extensions.Caching.Memory;

namespace Gateway.Core.Issuers;

/// <summary>
/// Finds the user of a token that another issuer made. A token is checked, and its claims are applied to the account, at its first use on a
/// node; from then on, until its time is over, it is known by its hash and needs neither database nor signature check. A new key set or new
/// settings ask again.
/// </summary>
public sealed class IssuerSignIn(
    TrustedIssuer issuer,
    IssuerAccounts accounts,
    IssuerOptions options,
    CallerOptions callers,
    TimeProvider time
) : IDisposable
{
    private const int HashCharacters = SHA256.HashSizeInBytes * 2;

    private readonly MemoryCache _tokens = new(new MemoryCacheOptions { SizeLimit = callers.CallerCacheSize, CompactionPercentage = 0.05 });

    /// <summary>Tokens in memory.</summary>
    public int TokensInMemory => _tokens.Count;

    /// <summary>
    /// Whether a token is one for <see cref="FindUserAsync"/>: there is an issuer, and the token does not name the algorithm of our own
    /// tokens, which no issuer may use.
    /// </summary>
    public bool Takes(ReadOnlySpan<char> token) => issuer.IsSet && !SignedToken.NamesAlgorithm(token, "HS256"u8);

    /// <summary>Finds the user.</summary>
    /// <exception cref="System.Data.Common.DbException">The token is not in memory and the database is away.</exception>
    public ValueTask<IssuerOutcome> FindUserAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        if (token.Length > options.OidcMaxTokenBytes || issuer.Current is not { } trust)
        {
            return ValueTask.FromResult(IssuerOutcome.Invalid);
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<char> key = stackalloc char[HashCharacters];
        SHA256.HashData(MemoryMarshal.AsBytes(token.Span), hash);
        Convert.TryToHexStringLower(hash, key, out _);
        return _tokens.TryGetValue(key, out object? found) && found is KnownToken known && ReferenceEquals(known.Trust, trust)
            ? ValueTask.FromResult(known.EndsAt <= time.GetUtcNow().UtcDateTime ? IssuerOutcome.Expired : known.Outcome)
            : ReadAsync(token.ToString(), key.ToString(), cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _tokens.Dispose();

    /// <summary>
    /// Finds the user of an ID token that this gateway fetched for one sign-in: it must be for the gateway as client, and repeat the nonce
    /// of the sign-in. It opens nothing else: as a bearer token it has the wrong audience.
    /// </summary>
    internal async ValueTask<IssuerOutcome> FindUserOfIdTokenAsync(
        string text,
        IssuerClient client,
        string nonce,
        CancellationToken cancellationToken
    )
    {
        if (text.Length > options.OidcMaxTokenBytes)
        {
            return IssuerOutcome.Invalid;
        }
        var (refusal, trust, claims) = await CheckAsync(text, client.Id, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }
        var isOurs =
            claims!.Text("nonce") is { } repeated
            && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes<char>(repeated), MemoryMarshal.AsBytes<char>(nonce))
            && (!claims.Claims.TryGetProperty("azp", out _) || claims.Text("azp") == client.Id);
        return isOurs ? await accounts.FindAsync(trust!.Settings, claims, cancellationToken) : IssuerOutcome.Invalid;
    }

    private async ValueTask<IssuerOutcome> ReadAsync(string text, string key, CancellationToken cancellationToken)
    {
        var (refusal, trust, claims) = await CheckAsync(text, clientId: null, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }
        var outcome = await accounts.FindAsync(trust!.Settings, claims!, cancellationToken);
        Remember(key, new KnownToken(outcome, trust, claims!.ExpiresAt + options.OidcClockSkew), time.UtcNow());
        return outcome;
    }

    // For this gateway as client, or for one of the audiences of the settings.
    private async ValueTask<(IssuerOutcome? Refusal, IssuerTrust? Trust, IssuerClaims? Claims)> CheckAsync(
        string text,
        string? clientId,
        CancellationToken cancellationToken
    )
    {
        if (
            SignedToken.TryRead(text) is not { } token
            || !IssuerKey.Accepts(token.Algorithm)
            || await FindTrustAsync(token, cancellationToken) is not { } trust
        )
        {
            return (IssuerOutcome.Invalid, null, null);
        }
        if (trust.Keys is null)
        {
            return (IssuerOutcome.Unavailable, null, null);
        }
        var audiences = clientId is null ? trust.Settings.Audiences : [clientId];
        var (verdict, claims) = await IssuerTokenReader.ReadAsync(trust, audiences, token, time.UtcNow(), options.OidcClockSkew);
        return verdict switch
        {
            IssuerVerdict.Accepted => (null, trust, claims),
            IssuerVerdict.Expired => (IssuerOutcome.Expired, null, null),
            _ => (IssuerOutcome.Invalid, null, null),
        };
    }

    // A key that we do not know may be new: the issuer is asked, at most once in a while, no matter who sends such tokens.
    private async ValueTask<IssuerTrust?> FindTrustAsync(SignedToken token, CancellationToken cancellationToken)
    {
        if (issuer.Current is { } trust && trust.Keys?.Find(token.KeyId) is null)
        {
            await issuer.RefreshAsync().WaitAsync(cancellationToken);
        }
        return issuer.Current;
    }

    // Who has no account may get one any moment.
    private void Remember(string key, KnownToken token, DateTime now)
    {
        var life = token.Outcome.Verdict == IssuerVerdict.Accepted ? token.EndsAt - now : callers.UnknownKeyCacheTime;
        if (life > TimeSpan.Zero)
        {
            _tokens.Set(
                key,
                token,
                new MemoryCacheEntryOptions
                {
                    Size = 1,
                    AbsoluteExpirationRelativeToNow = life,
                    Priority = token.Outcome.Verdict == IssuerVerdict.Accepted ? CacheItemPriority.Normal : CacheItemPriority.Low,
                }
            );
        }
    }

    private sealed record KnownToken(IssuerOutcome Outcome, IssuerTrust Trust, DateTime EndsAt);
}
