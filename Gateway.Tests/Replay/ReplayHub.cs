using System.Net.Http.Headers;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Replay;

/// <summary>The whole product in front of a <see cref="ReplayUpstream"/>, with every recorded model in its catalogue.</summary>
public class ReplayHub : IAsyncLifetime
{
    internal const string UpstreamKey = "sk-replay-upstream";
    internal const string Chat = "/v1/chat/completions";

    internal HubHost Hub { get; private set; } = null!;

    internal ReplayUpstream Upstream { get; private set; } = null!;

    /// <summary>Settings beside the usual ones.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    protected virtual TestDatabase Database => TestDatabase.Sqlite;

    public async Task InitializeAsync()
    {
        Upstream = await ReplayUpstream.StartAsync();
        var settings = new Dictionary<string, string>(Settings)
        {
            ["LITELLM_BASE_URL"] = Upstream.Address.ToString(),
            ["LITELLM_API_KEY"] = UpstreamKey,
            ["MODEL_SYNC_SECONDS"] = "0",
        };
        Hub = await HubHost.StartAsync(Database, settings);
        await AddModelsAsync();
    }

    public async Task DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>Sends a call of the key's owner, with this answer waiting upstream, and reads what comes to its end.</summary>
    internal async Task<ClientAnswer> CallAsync(ReplayAnswer answer, string body, string path = Chat)
    {
        using var response = await SendAsync(answer, body, path);
        return await ReadAsync(response);
    }

    /// <summary>The same, as far as the headers.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        ReplayAnswer answer,
        string body,
        string path = Chat,
        CancellationToken cancellationToken = default
    )
    {
        Upstream.Answer = answer;
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        return await Hub.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Sends a recorded call as it was recorded.</summary>
    internal async Task<ClientAnswer> CallAsync(ReplayAnswer answer, RecordedExchange recorded, string path)
    {
        Upstream.Answer = answer;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(recorded.RequestBytes) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", recorded.RequestType);
        using var response = await Hub.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await ReadAsync(response);
    }

    internal static async Task<ClientAnswer> ReadAsync(HttpResponseMessage response)
    {
        var (body, isCut) = await (await response.Content.ReadAsStreamAsync()).ReadAsFarAsItComesAsync();
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(", ", h.Value));
        return new ClientAnswer((int)response.StatusCode, headers, body) { IsCut = isCut };
    }

    /// <summary>The ledger's row of a call.</summary>
    internal Task<UsageRecord> RecordAsync(ClientAnswer answer) => Hub.RecordAsync(answer.RequestId);

    // Straight into the tables: the rates are exactly those of the test, whatever a sync would make of LiteLLM's texts.
    private async Task AddModelsAsync()
    {
        await using var db = await Hub.Databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var now = DateTime.UtcNow;
        var company = new Company
        {
            Id = "replay",
            Name = "Replay",
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Companies.Add(company);
        await db.SaveChangesAsync();
        foreach (var name in RecordedModels.Names)
        {
            var model = new CatalogModel
            {
                Id = "m-" + name,
                CompanyId = company.Id,
                Name = name,
                ExternalId = name,
                Mode = "chat",
                Providers = ["openai"],
                CreatedAt = now,
                UpdatedAt = now,
            };
            db.Models.Add(model);
            db.ModelRates.AddRange(
                ModelPrices
                    .Of(name)
                    .Rates.Select(rate => new ModelRate
                    {
                        ModelId = model.Id,
                        RateKey = rate.Key,
                        PicoUsd = (long)(rate.Usd * 1_000_000_000_000m),
                        Source = PriceSources.Admin,
                    })
            );
        }
        await db.SaveChangesAsync();
        await ChangeLog.AppendAsync(db, "model", "*", null, TimeProvider.System, CancellationToken.None);
        await transaction.CommitAsync();
        await Hub.Services.GetRequiredService<ChangeFeed>().CatchUpAsync(CancellationToken.None);
    }
}
