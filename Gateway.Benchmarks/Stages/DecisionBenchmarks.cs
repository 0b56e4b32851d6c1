using BenchmarkDotNet.Attributes;
using Gateway.Benchmarks.Load.Servers;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Keys;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Hosting;

namespace Gateway.Benchmarks.Stages;

/// <summary>Who calls, which model, what it costs, and how a no is written.</summary>
public class DecisionBenchmarks
{
    private const string ModelName = "model-100";

    private readonly IHeaderDictionary _headers = new HeaderDictionary();
    private readonly PriceTable _prices = PriceTable.FromUsdPerToken(0.00000015m, 0.0000006m);
    private readonly TokenUsage _usage = TokenUsage.OfText(182, 31);
    private readonly OpenAiError _error = new(Refusals.UnknownKey.Message, Refusals.UnknownKey.Type, null, Refusals.UnknownKey.Code);
    private readonly string _requestId = Guid.CreateVersion7().ToString();
    private DirectoryInfo _folder = null!;
    private HubProcess _hub = null!;
    private Authenticator _authenticator = null!;
    private PolicySnapshot _policy = null!;

    [GlobalSetup]
    public void Setup() => SetUpAsync().GetAwaiter().GetResult(); // the in-process toolchain does not await it

    [GlobalCleanup]
    public void Cleanup() => CleanUpAsync().GetAwaiter().GetResult();

    [Benchmark]
    public bool Authenticate_a_known_key() => _authenticator.AuthenticateAsync(_headers, address: null, default).Result.Caller is not null;

    [Benchmark]
    public object? Find_a_model_among_200() => _policy.FindModel(ModelName);

    [Benchmark]
    public CallCost Price_a_call() => CostCalculator.Cost(_prices, _usage, ServiceTier.Default);

    [Benchmark]
    public int Write_an_error() => OpenAiErrors.Form.Serialize(500, _error, _requestId).Length;

    private async Task SetUpAsync()
    {
        var key = ApiKeyText.Create().Text;
        _folder = Directory.CreateTempSubdirectory("hub-stages-");
        var settings = GatewayServer.Settings(_folder.FullName, "", key);
        _hub = await HubProcess.StartAsync(["--environment", "Production", "--Logging:LogLevel:Default=Warning"], settings);
        _authenticator = _hub.App.Services.GetRequiredService<Authenticator>();
        _headers.Authorization = "Bearer " + key;
        var (caller, _) = await _authenticator.AuthenticateAsync(_headers, address: null, default);
        ArgumentNullException.ThrowIfNull(caller);
        var models = Enumerable
            .Range(0, 200)
            .Select(n => new CatalogModel
            {
                Id = $"m{n}",
                CompanyId = "c",
                Name = $"model-{n}",
                Mode = "chat",
            })
            .ToList();
        PolicyCompiler.TryCompile(new PolicyRows(1, models, [], []), out var policy, out _);
        _policy = policy!;
    }

    private async Task CleanUpAsync()
    {
        await _hub.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
