using Gateway.Admin.Settings;
using Gateway.Core.Configuration;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.LiteLlm;

/// <summary>
/// How long and how often LiteLLM is asked: as the environment says, else as admins set it. Read at each call, so that a change acts at
/// once.
/// </summary>
internal sealed class LiteLlmSettings(IDbContextFactory<HubDbContext> databases, LiteLlmOptions options)
{
    /// <summary>The time that one attempt may take, and how often a read is tried again.</summary>
    public async Task<(TimeSpan Timeout, int Retries)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var timeout =
            options.LiteLlmTimeout ?? TimeSpan.FromMilliseconds(await HubSettings.LiteLlmTimeout.ReadWholeAsync(db, cancellationToken));
        return (timeout, (int)await HubSettings.LiteLlmRetries.ReadWholeAsync(db, cancellationToken));
    }
}
