using System.Text.Json;

namespace Gateway.Tests.Sdk;

/// <summary>One run of the Node tests against one running product; every xunit row reads its result from here.</summary>
public sealed class NodeRun : IAsyncLifetime
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(2);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly SdkHub _sdk = new();
    private RealtimeSdkHub? _realtime;
    private ProgramRun? _run;

    /// <summary>The product that they called.</summary>
    public SdkHub Sdk => _sdk;

    /// <summary>What ran, in the order of its end.</summary>
    internal IReadOnlyList<NodeTest> Tests { get; private set; } = [];

    /// <summary>The run in words, for the message of a failure.</summary>
    internal string Transcript => $"node ended with {_run!.ExitCode?.ToString() ?? "a kill"}.\n{_run.Output}\n{_run.Errors}";

    public async Task InitializeAsync()
    {
        await NodePackages.InstallAsync();
        await _sdk.InitializeAsync();
        _realtime = await RealtimeSdkHub.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["HUB_BASE_URL"] = new Uri(_sdk.Hub.Address, "v1").ToString(),
            ["HUB_API_KEY"] = _sdk.Hub.ApiKey,
            ["HUB_RESTRICTED_KEY"] = _sdk.RestrictedKey,
            ["HUB_LIMITED_KEY"] = _sdk.LimitedKey,
            ["HUB_BROKE_KEY"] = _sdk.BrokeKey,
            ["HUB_TOKENS_KEY"] = _sdk.TokensKey,
            ["HUB_ADMIN_EMAIL"] = _sdk.Hub.AdminEmail,
            ["HUB_ADMIN_PASSWORD"] = _sdk.Hub.AdminPassword,
            ["HUB_UPSTREAM_URL"] = _sdk.Hub.Sandbox!.BaseAddress.ToString(),
            ["HUB_UPSTREAM_KEY"] = _sdk.Hub.Sandbox.ApiKey,
            ["AI_SDK_LOG_WARNINGS"] = "false",
            ["NO_PROXY"] = "*",
        };
        foreach (var (name, value) in _realtime.Environment)
        {
            environment[name] = value;
        }
        _run = await ProgramRun.RunAsync(
            "node",
            ["--test", "--test-concurrency=1", "--test-reporter=./reporter.mjs", .. NodeTestNames.Files],
            NodePackages.Folder,
            RunLimit,
            environment
        );
        Tests =
        [
            .. _run
                .Output.Split('\n')
                .Where(line => line.StartsWith('{'))
                .Select(line => JsonSerializer.Deserialize<NodeTest>(line, Json)!),
        ];
    }

    public async Task DisposeAsync()
    {
        if (_realtime is not null)
        {
            await _realtime.DisposeAsync();
        }
        await _sdk.DisposeAsync();
    }
}
