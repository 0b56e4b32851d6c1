using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Upstream;

/// <summary>
/// One model at several upstreams: by priority, then weight; to the next one while no byte came; the ledger says which one answered.
/// </summary>
public sealed class FailoverTests
{
    private const string Model = "gpt-4o-mini";

    [Fact]
    public async Task The_lowest_priority_goes_first_and_the_next_one_answers_when_it_cannot()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("second", world.Second, priority: 1);
        var first = await world.CallAsync();
        Assert.Equal(("openai", 1), (first.Upstream, first.Attempts));
        world.First.FailsWith = 503;
        var second = await world.CallAsync();
        Assert.Equal(("second", 2), (second.Upstream, second.Attempts));
        Assert.Equal(first.TotalCostNanoUsd, second.TotalCostNanoUsd); // the price is the model's
    }

    [Theory, InlineData(401), InlineData(403), InlineData(404), InlineData(429), InlineData(500), InlineData(503)]
    public async Task What_one_upstream_refuses_for_its_own_sake_another_one_answers(int status)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("second", world.Second, priority: 1);
        world.First.FailsWith = status;
        Assert.Equal("second", (await world.CallAsync()).Upstream);
    }

    [Fact]
    public async Task A_refusal_of_the_callers_own_body_is_an_answer()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("second", world.Second, priority: 1);
        world.First.FailsWith = 400;
        var answer = await world.Hub.Host.Client.ChatAsync(InferenceCalls.Chat(Model));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(world.Second.Calls, c => c.Method == "POST");
    }

    [Fact]
    public async Task When_none_can_the_client_gets_the_last_answer_and_pays_nothing()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("second", world.Second, priority: 1);
        (world.First.FailsWith, world.Second.FailsWith) = (503, 429);
        var answer = await world.Hub.Host.Client.ChatAsync(InferenceCalls.Chat(Model));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        var record = await world.Hub.Host.RecordAsync(answer);
        Assert.Equal(("second", 2, 0L), (record.Upstream, record.Attempts, record.TotalCostNanoUsd));
    }

    [Fact]
    public async Task An_upstream_that_is_at_its_limit_rests_as_long_as_it_says()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("second", world.Second, priority: 1);
        world.First.FailsWith = 429;
        Assert.Equal(2, (await world.CallAsync()).Attempts);
        world.First.FailsWith = null;
        Assert.Equal(("second", 1), await world.SeenAsync()); // it said that it wants a minute
    }

    [Fact]
    public async Task One_that_is_ill_rests_and_is_taken_back_by_a_probe()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("second", world.Second, priority: 1);
        world.First.FailsWith = 500; // to probes too
        await Eventually.TrueAsync(async () => await world.SeenAsync() == ("second", 1), "it is not tried any more");
        world.First.FailsWith = null;
        await Eventually.TrueAsync(async () => await world.SeenAsync() == ("openai", 1), "a probe took it back");
    }

    [Fact]
    public async Task Calls_are_shared_by_weight()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("second", world.Second, priority: 0, weight: 9);
        for (var i = 0; i < 100; i++)
        {
            await world.Hub.Host.Client.ChatAsync(InferenceCalls.Chat(Model));
        }
        var (first, second) = (world.First.Calls.Count(IsCall), world.Second.Calls.Count(IsCall));
        Assert.Equal(100, first + second);
        Assert.InRange(first, 1, 30); // ten are expected; thirty of a hundred come once in a billion times
    }

    [Fact]
    public async Task Each_upstream_gets_its_own_name_of_the_model_and_its_own_key()
    {
        await using var world = await World.StartAsync(
            new ProviderOptions
            {
                Kind = "openai_compatible",
                ExtraModels = ["theirs"],
                ApiKey = "sk-own",
            }
        );
        await world.AddAsync("second", world.Second, priority: 1, nameThere: "theirs", kind: "openai_compatible");
        world.First.FailsWith = 503;
        Assert.Equal("second", (await world.CallAsync()).Upstream);
        var (first, second) = (world.First.Calls.Last(IsCall), world.Second.Calls.Last(IsCall));
        Assert.Equal((Model, "theirs"), (ModelOf(first), ModelOf(second)));
        Assert.Equal(("Bearer " + world.First.ApiKey, "Bearer sk-own"), (first.Headers["authorization"], second.Headers["authorization"]));
    }

    [Fact]
    public async Task A_change_is_in_force_within_a_second_and_a_model_at_no_upstream_is_told_so()
    {
        await using var world = await World.StartAsync();
        var id = await world.AddAsync("second", world.Second, priority: 1);
        var first = await world.IdOfAsync("openai");
        await world.ChangeAsync(first, new { is_enabled = false });
        Assert.Equal(("second", 1), await world.SeenAsync());
        await world.ChangeAsync(id, new { is_enabled = false });
        var refused = await world.Hub.Host.Client.ChatAsync(InferenceCalls.Chat(Model));
        await refused.AssertRefusedAsync(503, "server_error", "litellm_not_configured");
        await world.ChangeAsync(first, new { is_enabled = true, priority = 5 });
        await world.ChangeAsync(id, new { is_enabled = true });
        Assert.Equal(("second", 1), await world.SeenAsync());
    }

    [Fact]
    public async Task A_model_whose_only_upstream_is_disabled_is_told_so()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("second", world.Second, priority: 1);
        await world.ChangeAsync(await world.IdOfAsync("openai"), new { is_enabled = false });
        var refused = await world.Hub.Host.Client.ChatAsync(InferenceCalls.Chat("gpt-5-mini"));
        await refused.AssertRefusedAsync(503, "server_error", "upstream_not_available");
        Assert.DoesNotContain(world.Second.Calls, IsCall);
    }

    [Fact]
    public async Task Nothing_is_tried_elsewhere_after_the_first_byte()
    {
        await using var broken = await FakeUpstream.StartAsync();
        broken.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("begun"));
            throw new IOException("The connection ends here.");
        };
        await using var world = await World.StartAsync();
        await world.AddAsync("broken", broken.Address, "sk-any", priority: 0, weight: 1000);
        await world.ChangeAsync(await world.IdOfAsync("openai"), new { priority = 7 });
        var answer = await world.Hub.Host.Client.ChatAsync(InferenceCalls.Stream(Model));
        Assert.Contains("upstream_truncated", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(world.First.Calls, IsCall);
        Assert.Equal("broken", (await world.Hub.Host.RecordAsync(answer)).Upstream);
    }

    private static bool IsCall(ProviderCall call) => call.Method == "POST";

    private static string? ModelOf(ProviderCall call) => JsonDocument.Parse(call.Body).RootElement.GetProperty("model").GetString();

    /// <summary>OpenAI from the environment, and a second server that a test may add.</summary>
    private sealed class World : IAsyncDisposable
    {
        private World(AdminHub hub, ProviderHost first, ProviderHost second) => (Hub, First, Second) = (hub, first, second);

        public AdminHub Hub { get; }

        public ProviderHost First { get; }

        public ProviderHost Second { get; }

        public static async Task<World> StartAsync(ProviderOptions? second = null)
        {
            var first = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
            var other = await ProviderHost.StartAsync(second ?? new ProviderOptions { Kind = "openai" });
            var settings = ProviderHubs.EnvironmentOf("openai", first);
            settings["ENCRYPTION_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            settings["UPSTREAM_PROBE_SECONDS"] = "1";
            settings["DEFAULT_MONTHLY_BUDGET"] = "0";
            return new World(await AdminHub.StartAsync(settings: settings), first, other);
        }

        public Task<string> AddAsync(
            string name,
            ProviderHost provider,
            int priority,
            int weight = 1,
            string nameThere = Model,
            string kind = "openai"
        ) => AddAsync(name, provider.BaseAddress, provider.ApiKey, priority, weight, nameThere, kind);

        public async Task<string> AddAsync(
            string name,
            Uri address,
            string key,
            int priority,
            int weight = 1,
            string nameThere = Model,
            string kind = "openai"
        )
        {
            var answer = await Hub.Admin.Client.SendAsync(
                "POST",
                "/admin/upstreams",
                new
                {
                    name,
                    kind,
                    base_url = address.ToString(),
                    api_key = key,
                    priority,
                    weight,
                    sync_models = false,
                    models = new Dictionary<string, string> { [Model] = nameThere },
                }
            );
            answer.Is(201);
            return answer.Body.Text("data.id");
        }

        public async Task ChangeAsync(string id, object change) =>
            (await Hub.Admin.Client.SendAsync("PATCH", $"/admin/upstreams/{id}", change)).Is(200);

        public async Task<string> IdOfAsync(string name)
        {
            var rows = (await Hub.Admin.Client.ReadAsync("/admin/upstreams")).Body.At("data").EnumerateArray();
            return rows.Single(u => u.Text("name") == name).Text("id");
        }

        public async Task<Gateway.Core.Storage.Entities.UsageRecord> CallAsync()
        {
            var answer = await Hub.Host.Client.ChatAsync(InferenceCalls.Chat(Model));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await Hub.Host.RecordAsync(answer);
        }

        public async Task<(string?, int)> SeenAsync()
        {
            var record = await CallAsync();
            return (record.Upstream, record.Attempts);
        }

        public async ValueTask DisposeAsync()
        {
            await Hub.DisposeAsync();
            await First.DisposeAsync();
            await Second.DisposeAsync();
        }
    }
}
