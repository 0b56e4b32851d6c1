using Gateway.Core.Configuration;
using Gateway.Hosting;

namespace Gateway.Diagnosis;

/// <summary>Is the port free, or does a gateway listen there already?</summary>
internal static class PortCheck
{
    private const string Part = "port";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<Finding> RunAsync(ServerOptions options, CommandContext context)
    {
        try
        {
            if (ListenAddress.FindFault(options, name => context.Environment[name] as string) is not { } fault)
            {
                return Finding.Ok(
                    Part,
                    options.ServerPort == 0
                        ? "any free one is taken (SERVER_PORT is 0)"
                        : $"{options.ServerPort} is free on {options.ServerHost}"
                );
            }
            return fault.IsInUse && await IsGatewayAsync(options, context.Stop)
                ? Finding.Ok(Part, $"a gateway runs on {options.ServerPort} already")
                : Finding.Fault(Part, fault.Text);
        }
        catch (StartFailedException fault)
        {
            return Finding.Fault(Part, fault.Message);
        }
    }

    // By its answer alone: whose certificate it has does not matter here.
    private static async Task<bool> IsGatewayAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        var scheme = options.TlsCertificate is null ? "http" : "https";
        var host = options.ServerHost is "0.0.0.0" or "::" ? "localhost" : options.ServerHost;
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            var answer = await client.GetStringAsync(new UriBuilder(scheme, host, options.ServerPort, "/").Uri, cancellationToken);
            return answer.Contains("OneUIHub Gateway", StringComparison.Ordinal);
        }
        catch (Exception fault)
            when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
