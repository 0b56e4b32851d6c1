using System.Net;
using System.Text.Json.Nodes;
using Gateway.Sandbox;
using Gateway.Sandbox.Catalogue;

namespace Gateway.Tests.Sandbox;

public sealed class SandboxCatalogueTests : IAsyncLifetime
{
    private SandboxHost _sandbox = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(
            new SandboxOptions
            {
                ExtraModels =
                [
                    new SandboxModel { Name = "mine", Scenario = "sandbox-status-429" },
                    new SandboxModel { Name = "überholt \"x\"", FixedUsage = new SandboxUsage(1_000_000, 9) },
                ],
            }
        );
        _client = _sandbox.CreateClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Model_info_has_the_recorded_members()
    {
        var recorded = JsonNode.Parse(Recording.Load("model-info-chat").Body!)!["data"]![0]!;
        var row = await RowAsync("sandbox-chat");
        Assert.Equal(Names(recorded), Names(row));
        Assert.Equal(Names(recorded["litellm_params"]!), Names(row["litellm_params"]!));
        Assert.Equal(Names(recorded["model_info"]!), Names(row["model_info"]!));
        Assert.Equal(recorded["model_info"]!["pricing_overrides"]!.ToJsonString(), row["model_info"]!["pricing_overrides"]!.ToJsonString());
    }

    [Fact]
    public async Task Model_group_info_has_the_recorded_members()
    {
        var recorded = JsonNode.Parse(Recording.Load("model-group-info-pool").Body!)!["data"]![0]!;
        var group = (await JsonAsync("/model_group/info?model_group=sandbox-pool"))["data"]![0]!;
        Assert.Equal(Names(recorded), Names(group));
        Assert.Equal(3e-6, group["input_cost_per_token"]!.GetValue<double>()); // the dearer of the two
        Assert.Contains("\"max_input_tokens\":128000.0", group.ToJsonString());
    }

    [Fact]
    public async Task Prices_are_told_in_every_form()
    {
        Assert.False((await RowAsync("sandbox-price-absent"))["model_info"]!.AsObject().ContainsKey("input_cost_per_token"));
        Assert.Null((await RowAsync("sandbox-unpriced"))["model_info"]!["input_cost_per_token"]);
        Assert.Null((await RowAsync("sandbox-price-half"))["model_info"]!["output_cost_per_token"]);
        Assert.Equal(0, (await RowAsync("sandbox-free"))["model_info"]!["output_cost_per_token"]!.GetValue<double>());
        Assert.Equal("0.000011", (await RowAsync("sandbox-chat"))["model_info"]!["output_cost_per_token"]!.ToJsonString());
        Assert.Equal("2e-6", (await RowAsync("sandbox-chat"))["model_info"]!["input_cost_per_token"]!.ToJsonString());
        Assert.Equal("128000.0", (await RowAsync("sandbox-limits-float"))["model_info"]!["max_input_tokens"]!.ToJsonString());
    }

    [Fact]
    public async Task Deployments_of_one_name_have_rows_of_their_own_and_take_turns()
    {
        var rows = (await JsonAsync("/v1/model/info"))["data"]!
            .AsArray()
            .Where(row => row!["model_name"]!.GetValue<string>() == "sandbox-pool");
        Assert.Equal(2, rows.Count());
        var used = new HashSet<string>();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await _client.PostChatAsync("sandbox-pool");
            used.Add(answer.Headers.GetValues("x-litellm-model-id").Single());
        }
        Assert.Equal(["sandbox-pool-a", "sandbox-pool-b"], used.Order());
    }

    [Fact]
    public async Task Model_list_names_each_model_once_and_every_listed_name_answers()
    {
        var names = (await JsonAsync("/v1/models"))["data"]!.AsArray().Select(model => model!["id"]!.GetValue<string>()).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Contains("openai/gpt-4o", names);
        Assert.Contains("sandbox-status-429", names);
        foreach (var name in names)
        {
            using var model = await _client.GetAsync("/v1/models/" + Uri.EscapeDataString(name).Replace("%2F", "/"));
            Assert.Equal(HttpStatusCode.OK, model.StatusCode);
        }
    }

    [Fact]
    public async Task Own_models_answer_by_their_scenario_and_usage()
    {
        using var refused = await _client.PostChatAsync("mine");
        Assert.Equal(429, (int)refused.StatusCode);
        using var answer = await _client.PostChatAsync("überholt \\\"x\\\"");
        var json = await answer.ReadJsonAsync();
        Assert.Equal("überholt \"x\"", json["model"]!.GetValue<string>());
        Assert.Equal(1_000_000, json["usage"]!["prompt_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Model_with_a_scenario_that_is_not_there_stops_the_start()
    {
        var options = new SandboxOptions { ExtraModels = [new SandboxModel { Name = "mine", Scenario = "sandbox-nothing" }] };
        await Assert.ThrowsAsync<ArgumentException>(() => SandboxHost.StartAsync(options));
    }

    [Theory]
    [InlineData("models-no-key", "/v1/models", false)]
    [InlineData("models-one-unknown", "/v1/models/nope", true)]
    [InlineData("model-info-unknown-id", "/v1/model/info?litellm_model_id=nope", true)]
    [InlineData("model-group-info-unknown", "/model_group/info?model_group=nope", true)]
    [InlineData("health-liveliness", "/health/liveliness", false)]
    [InlineData("health-readiness", "/health/readiness", false)]
    [InlineData("health-readiness-details-no-key", "/health/readiness/details", false)]
    [InlineData("health-no-key", "/health", false)]
    [InlineData("path-unknown", "/v1/nope", true)]
    [InlineData("path-unknown-no-key", "/v1/nope", false)]
    [InlineData("path-wrong-method", "/v1/chat/completions", true)]
    public async Task Other_pages_are_the_recorded_ones(string name, string path, bool withKey)
    {
        var recorded = Recording.Load(name);
        (string, string)[] headers = withKey ? [("Authorization", "Bearer " + _sandbox.ApiKey)] : [];
        var answer = await RawExchange.SendAsync(_sandbox.BaseAddress, "GET", path, null, headers);
        Assert.Equal((recorded.Status, recorded.Body), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Health_tells_a_sick_model_from_a_sound_one()
    {
        using var sound = await _client.GetAsync("/health?model=sandbox-chat");
        using var sick = await _client.GetAsync("/health?model=sandbox-status-500");
        Assert.Equal((200, 503), ((int)sound.StatusCode, (int)sick.StatusCode));
        Assert.Equal(JsonShape.Of(Recording.Load("health-one-model").Body!), JsonShape.Of(await sound.Content.ReadAsStringAsync()));
    }

    public static TheoryData<string> DatabaseCalls() =>
        [
            .. Directory
                .EnumerateFiles(Recording.Folder, "nodb-*.json")
                .Select(file => Path.GetFileNameWithoutExtension(file)!)
                .Where(name =>
                    !name.Contains("calculate", StringComparison.Ordinal)
                    && name is not ("nodb-cost-estimate" or "nodb-model-new-invalid" or "nodb-budget-list-wrong-key")
                ),
        ];

    [Theory]
    [MemberData(nameof(DatabaseCalls))]
    public async Task Management_without_a_database_answers_as_recorded(string name)
    {
        var recorded = Recording.Load(name);
        var request = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Recording.Folder, name + ".json")))!["request"]!;
        var answer = await RawExchange.SendAsync(
            _sandbox.BaseAddress,
            request["method"]!.GetValue<string>(),
            request["path"]!.GetValue<string>(),
            request["body"]?.GetValue<string>(),
            ("Authorization", "Bearer " + _sandbox.ApiKey)
        );
        Assert.Equal((recorded.Status, recorded.Body), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("cost-cached-full", 2000, 100)]
    [InlineData("chat-plain", 20, 10)]
    public void Cost_is_the_recorded_float(string name, int prompt, int completion)
    {
        var prices = ScenarioModels.Of("sandbox-cached").Prices;
        var usage = new SandboxUsage(prompt, completion) { CachedTokens = prompt == 2000 ? 1500 : 0 };
        var cost = Gateway.Sandbox.Inference.Accounting.Cost(PriceList.From(prices), usage, LiteLlmBehaviour.Current);
        var headers = Recording.Load(name).Headers.ToDictionary();
        Assert.Equal(headers["x-litellm-response-cost"], Gateway.Sandbox.Wire.JsonText.PythonFloat(cost.Total));
        Assert.Equal(headers["x-litellm-response-cost-input"], Gateway.Sandbox.Wire.JsonText.PythonFloat(cost.Input));
        Assert.Equal(headers["x-litellm-response-cost-output"], Gateway.Sandbox.Wire.JsonText.PythonFloat(cost.Output));
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key).Order();

    private async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(path))!;

    private async Task<JsonNode> RowAsync(string id) => (await JsonAsync("/v1/model/info?litellm_model_id=" + id))["data"]![0]!;
}
