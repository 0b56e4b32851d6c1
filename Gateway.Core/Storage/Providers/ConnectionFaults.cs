using System.Net.Sockets;

namespace Gateway.Core.Storage.Providers;

/// <summary>What the sentences about a database server that cannot be used have in common.</summary>
internal static class ConnectionFaults
{
    public const string Address = "the host and the port in DATABASE_URL (or DB_HOST and DB_PORT)";
    public const string Account = "the user and the password in DATABASE_URL (or DB_USER and DB_PASSWORD)";

    private static readonly Dictionary<SocketError, (string What, string Remedy)> Network = new()
    {
        [SocketError.ConnectionRefused] = ("the connection was refused", $"Start the server, or check {Address}"),
        [SocketError.HostNotFound] = ("the host name has no address", $"Check {Address}, and the DNS of this machine"),
        [SocketError.NoData] = ("the host name has no address", $"Check {Address}, and the DNS of this machine"),
        [SocketError.TryAgain] = ("the host name could not be resolved", $"Check {Address}, and the DNS of this machine"),
        [SocketError.HostUnreachable] = ("the host cannot be reached", $"Check {Address}, the network and its firewalls"),
        [SocketError.NetworkUnreachable] = ("the network cannot be reached", $"Check {Address}, the network and its firewalls"),
        [SocketError.TimedOut] = TimedOut,
        [SocketError.ConnectionReset] = ("the connection was reset", $"Check {Address}, and the server's log"),
        [SocketError.AccessDenied] = ("the system refused the connection", $"Check {Address}, and the firewall of this machine"),
    };

    /// <summary>A server that does not answer.</summary>
    public static (string What, string Remedy) TimedOut => ("it did not answer in time", $"Check {Address}, the network and its firewalls");

    /// <summary>What the network said; null when it said nothing that is known here.</summary>
    public static (string What, string Remedy)? OfNetwork(IEnumerable<Exception> chain) =>
        chain.OfType<SocketException>().FirstOrDefault() is { } socket && Network.TryGetValue(socket.SocketErrorCode, out var known)
            ? known
            : null;

    /// <summary>A fault and those inside of it.</summary>
    public static IEnumerable<Exception> Chain(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            yield return fault;
        }
    }

    /// <summary>A message on one line, without its full stop.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim().TrimEnd('.');

    /// <summary>What was tried, what came back, what to do.</summary>
    public static string Sentence(string location, (string What, string Remedy) fault) =>
        $"{location} cannot be used: {fault.What}.{(fault.Remedy.Length > 0 ? $" {fault.Remedy}." : "")}";
}
