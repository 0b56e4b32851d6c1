using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Admin.Changes;
using Gateway.Core.Keys;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.MachineAccess;

/// <summary>
/// Credentials of machines for <c>/api/v1</c>: <c>sk-hub-adm-&lt;public id&gt;-&lt;secret&gt;</c>. Only the SHA-256 of the secret is
/// stored. Read from the database at every use, so that a deleted one is dead at the next request.
/// </summary>
internal sealed class MachineTokens(ChangeWriter changes, IDbContextFactory<HubDbContext> databases)
{
    public const string Prefix = "sk-hub-adm-";

    private const int Length = 11 + ApiKeyText.PublicIdLength + 1 + ApiKeyText.SecretLength;

    /// <summary>The token with that text, its secret checked; null when there is none.</summary>
    public async Task<MachineToken?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length != Length || text[Prefix.Length + ApiKeyText.PublicIdLength] != '-')
        {
            return null;
        }
        var publicId = text.Substring(Prefix.Length, ApiKeyText.PublicIdLength);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.MachineTokens.AsNoTracking().FirstOrDefaultAsync(t => t.PublicId == publicId, cancellationToken);
        var given = Encoding.ASCII.GetBytes(ApiKeyText.HashSecret(text.AsSpan(text.Length - ApiKeyText.SecretLength)));
        return row is not null && CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(row.SecretHash)) ? row : null;
    }

    /// <summary>Whether a token may be used from an address.</summary>
    public static bool MayComeFrom(MachineToken token, IPAddress? address)
    {
        if (token.AllowedIps.Count == 0)
        {
            return true;
        }
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && token.AllowedIps.Exists(n => IPNetwork.TryParse(n, out var network) && network.Contains(plain));
    }

    public async Task<(MachineToken Row, string Text)> CreateAsync(
        string name,
        string role,
        DateTime? expiresAt,
        List<string> allowedIps,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var (publicId, secret) = (Base62.Random(ApiKeyText.PublicIdLength), Base62.Random(ApiKeyText.SecretLength));
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var row = new MachineToken
        {
            Id = Guid.CreateVersion7().ToString(),
            Name = name,
            PublicId = publicId,
            SecretHash = ApiKeyText.HashSecret(secret),
            Role = role,
            AllowedIps = allowedIps,
            CreatedBy = actor.UserId ?? "",
            ExpiresAt = expiresAt,
            CreatedAt = change.Now,
        };
        change.Db.MachineTokens.Add(row);
        change.Audit("access_token.created", "access_token", row.Id, row);
        await change.CommitAsync(cancellationToken);
        return (row, $"{Prefix}{publicId}-{secret}");
    }

    /// <returns>False when there is no such token.</returns>
    public async Task<bool> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await change.Db.MachineTokens.FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is not { } row)
        {
            return false;
        }
        change.Db.MachineTokens.Remove(row);
        change.Audit("access_token.deleted", "access_token", id, row);
        await change.CommitAsync(cancellationToken);
        return true;
    }
}
