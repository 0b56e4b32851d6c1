using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>
/// Takes calls that went straight to LiteLLM into the ledger: those of mirrored keys, and those of users known here. Each
/// once, because its row's id follows from LiteLLM's. The gateway's own calls are in the ledger already and are left out. One import at a
/// time.
/// </summary>
internal sealed partial class SpendImport(
    LiteLlmClient client,
    LiteLlmEndpoint endpoint,
    ImportedCalls calls,
    IDbContextFactory<HubDbContext> databases,
    TimeProvider time,
    ILogger<SpendImport> logger
)
{
    private const int BatchSize = 500;
    private const string MasterKeyName = "litellm_proxy_master_key";

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Imports the calls of the last days.</summary>
    /// <param name="days">How many UTC days back, today beside them.</param>
    /// <param name="userId">Only this user's; null: everybody's.</param>
    /// <param name="cancellationToken">Gives up between two batches.</param>
    /// <exception cref="ApiErrorException">LiteLLM did not answer, or has no database.</exception>
    public async Task<SpendImportResult> RunAsync(int days, string? userId, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var today = time.UtcNow().Date;
            var query = string.Create(
                CultureInfo.InvariantCulture,
                $"spend/logs?start_date={today.AddDays(-days):yyyy-MM-dd}&end_date={today.AddDays(1):yyyy-MM-dd}&summarize=false"
            );
            var answer = await client.SendAsync(
                HttpMethod.Get,
                userId is null ? query : $"{query}&user_id={Uri.EscapeDataString(userId)}",
                null,
                cancellationToken
            );
            if (answer.ValueKind != JsonValueKind.Array)
            {
                throw LiteLlmFaults.Unreadable(HttpMethod.Get, "spend/logs");
            }
            return await ImportAsync([.. answer.EnumerateArray()], userId, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<SpendImportResult> ImportAsync(List<JsonElement> rows, string? userId, CancellationToken cancellationToken)
    {
        var wanted = rows.Select(SpendRow.Read).OfType<SpendRow>().Where(r => !IsOurs(r)).DistinctBy(r => r.Id).ToList();
        var people = await PayerBook.LoadAsync(databases, cancellationToken);
        var (created, unknownModels) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var batch in wanted.Chunk(BatchSize))
        {
            List<ImportedCall> found = [];
            foreach (var row in batch)
            {
                if (people.Find(row) is not { } payer || (userId is not null && payer.UserId != userId))
                {
                    continue;
                }
                if (people.FindModel(row) is not { } model)
                {
                    unknownModels.Add(row.ModelName); // a later round takes it, when the catalogue knows it
                    continue;
                }
                found.Add(new ImportedCall(row, payer, model));
            }
            created += await calls.WriteAsync(found, cancellationToken);
        }
        if (unknownModels.Count > 0)
        {
            Log.UnknownModels(logger, string.Join(", ", unknownModels.Take(10)));
        }
        return new SpendImportResult(created, rows.Count - created);
    }

    private bool IsOurs(SpendRow row) =>
        row.KeyHash == MasterKeyName
        || (endpoint.ApiKey is { } key && row.KeyHash == Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Spend of models that the catalogue does not know was not imported yet: {Models}."
        )]
        public static partial void UnknownModels(ILogger logger, string models);
    }
}
