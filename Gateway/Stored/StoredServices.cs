namespace Gateway.Stored;

/// <summary>Registers what looks after things that upstreams keep.</summary>
internal static class StoredServices
{
    public static void AddStored(this IServiceCollection services)
    {
        services.AddSingleton<Batches>();
        services.AddHostedService(provider => provider.GetRequiredService<Batches>());
        services.AddSingleton<BatchSender>();
        services.AddSingleton<KeptRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<KeptRetention>());
    }
}
