namespace Gateway.Bodies;

/// <summary>Registers what reads bodies.</summary>
internal static class BodyServices
{
    public static void AddBodies(this IServiceCollection services)
    {
        services.AddSingleton<RequestReader>();
        services.AddSingleton<LabelReader>();
        services.AddSingleton<BodyRoom>();
        services.AddSingleton<BodyReader>();
    }
}
