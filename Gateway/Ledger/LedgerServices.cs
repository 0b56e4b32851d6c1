using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Ledger;

/// <summary>Registers what writes down calls.</summary>
internal static class LedgerServices
{
    public static void AddLedger(this IServiceCollection services, HubOptions options)
    {
        services.AddSingleton<WriterGate>();
        services.AddSingleton<UsageQueue>();
        services.AddSingleton<ResponseOwners>();
        services.AddSingleton<KeptObjects>();
        services.AddSingleton<BackgroundKeeper>();
        services.AddSingleton<NodeJournal>();
        services.TryAddSingleton<ICallJournal>(provider => provider.GetRequiredService<NodeJournal>());
        services.AddSingleton<JournalStart>();
        services.TryAddSingleton<IUsageRecorder, JournaledRecorder>();
        services.AddSingleton<UsageBatch>();
        services.AddSingleton<LedgerWriter>();
        services.AddHostedService<UsageWriter>();
        services.AddHostedService<RetentionService>();
        services.AddSingleton<ContentSwitch>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<ContentSwitch>());
        services.AddSingleton<ContentQueue>();
        services.AddSingleton<ContentKeeper>();
        services.AddHostedService<ContentWriter>();
        services.AddSingleton<ContentRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<ContentRetention>());
        services.AddSingleton<CorrectionService>();
        if (options.LiteLlm.ImportSpend && options.Upstream.LiteLlmBaseUrls.Count > 0) // the sandbox keeps no book
        {
            services.AddHostedService(provider => provider.GetRequiredService<CorrectionService>());
        }
        services.AddSingleton<IGauges, LedgerGauges>();
    }
}
