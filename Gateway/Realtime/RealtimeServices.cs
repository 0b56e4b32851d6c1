namespace Gateway.Realtime;

/// <summary>Registers realtime sessions.</summary>
internal static class RealtimeServices
{
    public static void AddRealtime(this IServiceCollection services)
    {
        services.AddSingleton<RealtimeConnector>();
        services.AddSingleton<RealtimeDesk>();
    }
}
