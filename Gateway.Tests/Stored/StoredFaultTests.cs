using Gateway.Sandbox.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Stored;

/// <summary>The faults of an upstream that keeps things: what its user is told, and that nothing is kept, or that it is charged.</summary>
public sealed class StoredFaultTests
{
    // What it does, and with which status that is told.
    private static readonly Dictionary<string, (Action<ProviderHost> Do, int Status, string Code)> Faults = new(StringComparer.Ordinal)
    {
        ["silence"] = (p => p.IsSilent = true, 504, "upstream_timeout"),
        ["truncation"] = (p => (p.Says, p.BreaksOff) = ("{\"id\":\"x_1\"", true), 502, "upstream_unreachable"),
        ["garbage"] = (p => p.Says = "<html>", 502, "upstream_invalid_response"),
        ["no id"] = (p => p.Says = "{\"object\":\"x\"}", 502, "upstream_invalid_response"),
        ["gone"] = (p => p.FailsWith = 0, 502, "upstream_unreachable"),
        ["error"] = (p => p.FailsWith = 500, 500, ""),
    };

    public static TheoryData<string> All => [.. Faults.Keys];

    // An error says that there is no batch.
    public static TheoryData<string> Unclear => [.. Faults.Keys.Where(name => name != "error")];

    [Theory, MemberData(nameof(All))]
    public async Task What_goes_wrong_while_a_file_is_uploaded_is_told_and_none_is_kept(string name)
    {
        await using var hub = await StartAsync(("MAX_UPLOAD_SECONDS", "5"));
        Faults[name].Do(hub.Provider);
        await AssertToldAsync(await hub.Hub.Client.UploadAsync("What I know.", "user_data"), name);
        await AssertNothingKeptAsync(hub);
    }

    [Theory, MemberData(nameof(All))]
    public async Task What_goes_wrong_while_a_conversation_is_made_is_told_and_none_is_kept(string name)
    {
        await using var hub = await StartAsync();
        Faults[name].Do(hub.Provider);
        await AssertToldAsync(await hub.Hub.Client.SendAsync(InferenceCalls.Post("/v1/conversations", "{}")), name);
        await AssertNothingKeptAsync(hub);
    }

    [Theory, MemberData(nameof(Unclear))]
    public async Task A_batch_that_may_have_been_made_stays_charged_with_its_hold(string name)
    {
        await using var hub = await StartAsync();
        var key = await hub.Hub.AddCallerAsync();
        await hub.Hub.AddKeyBudgetAsync(key, 1_000_000_000);
        using var client = hub.Hub.NewClient(key.Text);
        var file = await client.FileAsync(BatchCalls.Line("a"));
        Faults[name].Do(hub.Provider);
        var answer = await client.BatchAsync(file);
        Assert.Equal(502, (await answer.ErrorAsync()).Status);
        var record = await hub.Hub.RecordAsync(answer);
        Assert.True(record.HeldNanoUsd > 0);
        Assert.Equal(("background", "bound", record.HeldNanoUsd), (record.Outcome, record.UsageSource, record.TotalCostNanoUsd));
    }

    private static Task<ProviderHub> StartAsync(params (string Name, string Value)[] more) =>
        ProviderHub.StartAsync(settings: [("UPSTREAM_FIRST_BYTE_SECONDS", "1"), .. more]);

    private static async Task AssertToldAsync(HttpResponseMessage answer, string name)
    {
        var (_, status, code) = Faults[name];
        var error = await answer.ErrorAsync();
        Assert.Equal(status, error.Status);
        Assert.True(code.Length == 0 || code == error.Code, error.Code);
    }

    private static async Task AssertNothingKeptAsync(ProviderHub hub)
    {
        await using var db = await hub.Hub.Databases.CreateDbContextAsync();
        Assert.False(await db.KeptObjects.AnyAsync());
    }
}
