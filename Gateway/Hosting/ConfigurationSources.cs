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

    // Ours alone: what the server and the HTTP client log at that level holds headers.
    private static readonly KeyValuePair<string, string?>[] DebugLevel = [new("Logging:LogLevel:Gateway", "Debug")];

    // One line an entry, for eyes.
    private static readonly KeyValuePair<string, string?>[] ReadableLogs =
    [
        new("Logging:Console:FormatterName", "simple"),
        new("Logging:Console:FormatterOptions:SingleLine", "true"),
        new("Logging:Console:FormatterOptions:TimestampFormat", "HH:mm:ss.fff "),
    ];

    // One JSON object a line, for collectors.
    private static readonly KeyValuePair<string, string?>[] StructuredLogs =
    [
        new("Logging:Console:FormatterName", "json"),
        new("Logging:Console:FormatterOptions:UseUtcTimestamp", "true"),
        new("Logging:Console:FormatterOptions:TimestampFormat", "yyyy-MM-ddTHH:mm:ss.fffZ"),
    ];

    /// <summary>
    /// Adds how logs look and their levels, and the appsettings.json that was published beside the program: it may be started from any
    /// folder. The file is watched: a level that changes in it holds at once.
    /// </summary>
    public static void AddDefaults(IConfigurationBuilder configuration, bool isDevelopment, bool logsDebug = false)
    {
        var published = new JsonConfigurationSource
        {
            Path = Path.Combine(AppContext.BaseDirectory, "appsettings.json"),
            Optional = true,
            ReloadOnChange = true,
        };
        published.ResolveFileProvider();
        configuration.Sources.Insert(0, published);
        configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource
            {
                InitialData = [.. LogLevels, .. logsDebug ? DebugLevel : [], .. isDevelopment ? ReadableLogs : StructuredLogs],
            }
        );
    }
}
