using System.Collections;
using Gateway.Admin;
using Gateway.Budgeting;
using Gateway.Core;
using Gateway.Forwarding;
using Gateway.Ledger;
using Gateway.Observability;
using Gateway.Recording;

namespace Gateway.Hosting;

/// <summary>What a command needs that works on the database beside a running gateway: the same options, no traffic and no listener.</summary>
internal static class CommandServices
{
    /// <exception cref="StartFailedException">An option is wrong.</exception>
    public static ServiceProvider Build(IDictionary environment)
    {
        var builder = WebApplication.CreateBuilder();
        ConfigurationSources.AddDefaults(builder.Configuration, builder.Environment.IsDevelopment());
        var options = OptionsLoader.Load(builder.Configuration, environment, builder.Environment.IsDevelopment());
        var endpoint = new LiteLlmEndpoint { BaseAddress = options.LiteLlmBaseUrls.Count > 0 ? UpstreamRoutes.BaseOf(options.LiteLlmBaseUrls[0]) : null, ApiKey = options.LiteLlmApiKey };
        return new ServiceCollection().AddLogging().AddHubCore(options).AddLiteLlm(endpoint).AddSingleton<TrafficLock>()
            .AddMetrics().AddSingleton<GatewayMetrics>().AddSingleton<UsageBatch>().AddSingleton<LedgerWriter>().AddSingleton<SetAsideRetry>().BuildServiceProvider();
    }
}
