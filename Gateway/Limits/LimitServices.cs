using Gateway.Bodies;
using Gateway.Core.Nodes;
using Gateway.Core.Policy;
using Gateway.Core.Quotas;
using Gateway.Ledger;
using Gateway.Limits.Bound;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;
using Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Limits;

/// <summary>Registers what limits calls.</summary>
internal static class LimitServices
{
    public static void AddLimits(this IServiceCollection services)
    {
        AddMoney(services);
        AddRates(services);
        services.AddSingleton<LedgerHistory>();
        services.AddSingleton<IUsageHistory>(provider => provider.GetRequiredService<LedgerHistory>());
        services.AddSingleton<ISpendHistory>(provider => provider.GetRequiredService<LedgerHistory>());
        services.AddSingleton<UsagePlausibility>();
        services.AddSingleton<ChargeRule>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<RateStep>();
        services.AddSingleton<MoneyStep>();
        services.AddSingleton<JournalStep>();
        services.AddSingleton<OpenReservations>();
        services.AddSingleton<Reservations>();
        services.Replace(ServiceDescriptor.Singleton<INodeMonitor, LiveNodeMonitor>());
        services.AddSingleton<LimitViews>();
        services.AddSingleton<IGauges, LimitGauges>();
    }

    private static void AddMoney(IServiceCollection services)
    {
        services.AddSingleton<TrafficLock>();
        services.AddHostedService(provider => provider.GetRequiredService<TrafficLock>());
        services.AddSingleton<DefaultBudgets>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<DefaultBudgets>());
        services.AddSingleton<BudgetBook>();
        services.AddSingleton<IMoneyKeeper>(provider => provider.GetRequiredService<BudgetBook>());
        services.AddHostedService<BudgetBookService>();
        services.AddSingleton<IChangeConsumer, BalanceRefresher>();
        services.AddSingleton<IChangeConsumer, SpendRaiser>();
        services.Replace(ServiceDescriptor.Singleton<IBudgetMonitor, LiveBudgetMonitor>());
        services.AddSingleton<ThresholdWatch>();
        services.AddHostedService<EventRecorder>();
    }

    private static void AddRates(IServiceCollection services)
    {
        services.AddSingleton<QuotaResolver>();
        services.AddSingleton<OutputDefault>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<OutputDefault>());
        services.AddSingleton<WindowClock>();
        services.AddSingleton<CounterStore>();
        services.AddSingleton<LearnedUsage>();
        services.AddSingleton<AdmissionController>();
        services.AddSingleton<IReadingGate, ReadingAdmission>();
        services.AddHostedService<CounterSweepService>();
        services.AddSingleton<IWindowShares, WindowShares>();
        services.AddSingleton<WindowExchange>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<WindowExchange>());
        services.AddSingleton<IGauges>(provider => provider.GetRequiredService<WindowExchange>());
        services.AddHostedService(provider => provider.GetRequiredService<WindowExchange>());
    }
}
