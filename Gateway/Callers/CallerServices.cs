using Gateway.Core.Policy;
using Gateway.Telemetry;

namespace Gateway.Callers;

/// <summary>Registers what knows callers.</summary>
internal static class CallerServices
{
    public static void AddCallers(this IServiceCollection services)
    {
        services.AddSingleton<CallerDirectory>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<CallerDirectory>());
        services.AddSingleton<Authenticator>();
        services.AddSingleton<IGauges, CallerGauges>();
    }
}
