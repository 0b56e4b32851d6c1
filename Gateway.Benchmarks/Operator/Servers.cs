using System.Reflection;
using Gateway.Benchmarks.Load.Servers;

namespace Gateway.Benchmarks.Operator;

/// <summary>Starts what is compared: the gateway and bare YARP in two releases.</summary>
/// <param name="upstream">Where calls go.</param>
/// <param name="apiKey">The caller's key.</param>
/// <param name="program">The gateway's assembly: as built for release, or published.</param>
/// <param name="extra">Variables of the gateway beside those that every operator sets.</param>
internal sealed class Servers(string upstream, string apiKey, string program, IReadOnlyDictionary<string, string> extra)
{
    /// <summary>Switches the line per call off.</summary>
    public static readonly KeyValuePair<string, string> NoCallLog = new("Logging__LogLevel__Gateway.Telemetry.CallLog", "Warning");

    /// <summary>Of a variant: its assembly, no variable of the process.</summary>
    public const string ProgramVariable = "PROGRAM";

    private readonly string _password = Guid.NewGuid().ToString();
    private readonly string _secret = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(48));

    /// <summary>The gateway as the repository builds it for release.</summary>
    public static string BuiltGateway => BuiltOf("Gateway");

    /// <summary>The gateway's variables for a folder.</summary>
    public Dictionary<string, string> Settings(string folder)
    {
        var settings = GatewayServer.Settings(folder, upstream, apiKey);
        (settings["ADMIN_PASSWORD"], settings["JWT_SECRET"]) = (_password, _secret); // of all starts on the same folder
        settings["SERVER_PORT"] = "{port}";
        foreach (var (name, value) in extra)
        {
            settings[name] = value;
        }
        return settings;
    }

    /// <param name="settings">Its variables.</param>
    /// <param name="other">Another assembly than the usual one, such as an earlier state's.</param>
    public ServerProcess Gateway(IReadOnlyDictionary<string, string> settings, string? other = null) =>
        ServerProcess.Start(other ?? program, [], settings, Path.Combine(settings["DATA_DIR"], "output.log"));

    /// <summary>YARP of the product's release.</summary>
    public ServerProcess Yarp() => Yarp(typeof(Servers).Assembly.Location, ["load", "stock", upstream]);

    /// <summary>YARP 2.1.0.</summary>
    public ServerProcess EarlierYarp() => Yarp(BuiltOf("Gateway.Benchmarks.Yarp"), [upstream]);

    private static ServerProcess Yarp(string program, string[] arguments) =>
        ServerProcess.Start(
            program,
            arguments,
            new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:{port}" },
            "/dev/null"
        );

    // .../Gateway.Benchmarks/bin/Release/net10.0 -> .../<project>/bin/Release/net10.0
    private static string BuiltOf(string project)
    {
        var own = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!;
        return own.Replace("Gateway.Benchmarks", project, StringComparison.Ordinal) + $"/{project}.dll";
    }
}
