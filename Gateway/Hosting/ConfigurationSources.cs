using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace Gateway.Hosting;

/// <summary>Configuration below ASP.NET's own sources: everything that people set wins over it.</summary>
internal static class ConfigurationSources
{
    private static readonly KeyValuePair<string, string?>[] LogLevels =
    [
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft", "Warning"),
        new("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning"),
        new("Logging:LogLevel:System.Net.Http", "Warning"),
        new("Logging:LogLevel:Yarp", "Warning"),
    ];

    /// <summary>Adds log levels, and the appsettings.json that was published beside the program: it may be started from any folder.</summary>
    public static void AddDefaults(IConfigurationBuilder configuration)
    {
        var published = new JsonConfigurationSource { Path = Path.Combine(AppContext.BaseDirectory, "appsettings.json"), Optional = true };
        published.ResolveFileProvider();
        configuration.Sources.Insert(0, published);
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels });
    }
}
