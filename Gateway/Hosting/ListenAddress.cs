using System.Net;
using System.Net.Sockets;
using Gateway.Core.Configuration;

namespace Gateway.Hosting;

/// <summary>Where the gateway listens, looked at before anything is stored or started: a fault is one line that names the
/// variable.</summary>
internal static class ListenAddress
{
    private const string Local = "localhost";

    /// <summary>The address that a host name or address means.</summary>
    /// <param name="host">What was given.</param>
    /// <param name="variable">The variable that gave it.</param>
    /// <exception cref="StartFailedException">It means none.</exception>
    public static IPAddress Resolve(string host, string variable)
    {
        if (IPAddress.TryParse(host, out var given))
        {
            return given;
        }
        try
        {
            return Dns.GetHostAddresses(host)[0];
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw new StartFailedException(
                $"{variable} is \"{host}\", which has no address. Use localhost, an address of this "
                    + "machine, 0.0.0.0 (all of IPv4) or :: (all).",
                fault
            );
        }
    }

    /// <summary>Checks that the port is free.</summary>
    /// <param name="options">Where it listens.</param>
    /// <param name="fromEnvironment">The value of an environment variable, null when not set.</param>
    /// <exception cref="StartFailedException">It cannot listen there.</exception>
    public static void Check(ServerOptions options, Func<string, string?> fromEnvironment)
    {
        if (FindFault(options, fromEnvironment) is { } fault)
        {
            throw new StartFailedException(fault.Text);
        }
    }

    /// <summary>Why it cannot listen, and whether that is because somebody does already; null when it can.</summary>
    /// <exception cref="StartFailedException">The host means no address.</exception>
    public static (string Text, bool IsInUse)? FindFault(ServerOptions options, Func<string, string?> fromEnvironment)
    {
        var host = HubOptionsReader.VariableOf(nameof(ServerOptions.ServerHost), fromEnvironment);
        var port = HubOptionsReader.VariableOf(nameof(ServerOptions.ServerPort), fromEnvironment);
        foreach (var address in AddressesOf(options.ServerHost, host))
        {
            if (TryBind(address, options.ServerPort) is not { } error)
            {
                continue;
            }
            switch (error)
            {
                case SocketError.AddressAlreadyInUse:
                    return (
                        $"{port} is {options.ServerPort}, and another process listens "
                            + $"on {new IPEndPoint(address, options.ServerPort)} already. Stop it, or set {port} to a free port.",
                        true
                    );
                case SocketError.AccessDenied:
                    return (
                        $"{port} is {options.ServerPort}, and this process may not listen there: ports below 1024 need a right of "
                            + $"their own. Set {port} to a higher one.",
                        false
                    );
                case SocketError.AddressNotAvailable when options.ServerHost != Local:
                    return (
                        $"{host} is \"{options.ServerHost}\", which is no address of this machine. Use localhost, one of its "
                            + "addresses, 0.0.0.0 (all of IPv4) or :: (all).",
                        false
                    );
                case not (SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported):
                    return (
                        $"{host} is \"{options.ServerHost}\" and {port} is {options.ServerPort}, and this process cannot listen "
                            + $"there: {new SocketException((int)error).Message}.",
                        false
                    );
            }
        }
        return null;
    }

    private static IEnumerable<IPAddress> AddressesOf(string host, string variable) =>
        host == Local ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [Resolve(host, variable)];

    // Bound and not listening: it leaves nothing behind.
    private static SocketError? TryBind(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }
            socket.Bind(new IPEndPoint(address, port));
            return null;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode;
        }
    }
}
