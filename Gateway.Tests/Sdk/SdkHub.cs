using System.ClientModel;
using System.ClientModel.Primitives;
using Gateway.Core.Keys;
using Gateway.Core.Storage.Entities;
using Gateway.Sandbox;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using OpenAI;

namespace Gateway.Tests.Sdk;

/// <summary>One running product for the tests of one SDK, with the keys that its users may hold.</summary>
public sealed class SdkHub : IAsyncLifetime
{
    private HubHost? _hub;

    /// <summary>The product.</summary>
    public HubHost Hub => _hub ?? throw new InvalidOperationException("The fixture was not started.");

    /// <summary>What the upstream gave out.</summary>
    public SandboxLedger Ledger => Hub.Sandbox!.Ledger;

    /// <summary>A key that may use <c>sandbox-chat</c> only.</summary>
    public string RestrictedKey { get; private set; } = "";

    /// <summary>A key that was revoked.</summary>
    public string RevokedKey { get; private set; } = "";

    /// <summary>A key with one call in flight at a time.</summary>
    public string LimitedKey { get; private set; } = "";

    /// <summary>A key with 10,000 tokens a minute, fewer than one answer of many models can have.</summary>
    public string TokensKey { get; private set; } = "";

    /// <summary>A key whose budget is used up.</summary>
    public string BrokeKey { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _hub = await HubHost.StartAsync();
        RestrictedKey = await AddKeyAsync("restricted", isActive: true, ["sandbox-chat"]);
        RevokedKey = await AddKeyAsync("revoked", isActive: false, []);
        var limited = await Hub.AddCallerAsync();
        await Hub.AddKeyRateLimitAsync(limited, l => l.MaxConcurrent = 1);
        LimitedKey = limited.Text;
        var tokens = await Hub.AddCallerAsync();
        await Hub.AddKeyRateLimitAsync(tokens, l => l.TokensPerMinute = 10_000);
        TokensKey = tokens.Text;
        var broke = await Hub.AddCallerAsync();
        await Hub.AddKeyBudgetAsync(broke, 1_000);
        BrokeKey = broke.Text;
    }

    public Task DisposeAsync() => Hub.DisposeAsync().AsTask();

    /// <summary>The .NET SDK's client against this product.</summary>
    /// <param name="key">The key; null for the first admin's.</param>
    /// <param name="retries">How often the SDK itself tries again.</param>
    /// <param name="http">What it sends with; null: its own.</param>
    public OpenAIClient NewClient(string? key = null, int retries = 0, HttpClient? http = null)
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(Hub.Address, "v1"), RetryPolicy = new ClientRetryPolicy(retries) };
        if (http is not null)
        {
            options.Transport = new HttpClientPipelineTransport(http);
        }
        return new OpenAIClient(new ApiKeyCredential(key ?? Hub.ApiKey), options);
    }

    /// <summary>The calls of one model at the upstream, oldest first.</summary>
    public IReadOnlyList<SandboxCall> CallsOf(string model) => Ledger.Calls(new SandboxLedgerFilter { Model = model });

    private async Task<string> AddKeyAsync(string name, bool isActive, List<string> models)
    {
        var key = ApiKeyText.Create();
        var now = DateTime.UtcNow;
        await using var db = await Hub.Databases.CreateDbContextAsync();
        db.ApiKeys.Add(
            new ApiKey
            {
                Id = Guid.CreateVersion7().ToString(),
                UserId = await db.Users.Select(user => user.Id).FirstAsync(),
                Name = name,
                PublicId = key.PublicId,
                SecretHash = key.SecretHash,
                Preview = key.Preview,
                IsActive = isActive,
                Models = models,
                CreatedAt = now,
                UpdatedAt = now,
            }
        );
        await db.SaveChangesAsync();
        return key.Text;
    }
}
