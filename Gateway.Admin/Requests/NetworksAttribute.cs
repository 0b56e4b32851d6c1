using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>A list of networks (<c>10.0.0.0/8</c>) or single addresses, read as networks; null is as empty.</summary>
internal sealed class NetworksAttribute(int maximumCount) : NamesAttribute(maximumCount, 50)
{
    public override List<string>? Read(string field, JsonElement value, List<InvalidMember> faults)
    {
        if (base.Read(field, value, faults) is not { } texts)
        {
            return null;
        }
        List<string> networks = [];
        foreach (var text in texts)
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network.ToString());
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128).ToString());
            }
            else
            {
                faults.Add(new InvalidMember(field, "network", $"\"{text}\" is no address and no network such as 10.0.0.0/8"));
            }
        }
        return networks;
    }
}
