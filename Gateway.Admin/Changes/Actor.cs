using Gateway.Admin.Access;

namespace Gateway.Admin.Changes;

/// <summary>Who makes a change, as the request tells it.</summary>
internal sealed record Actor(string? UserId, string? Role, string? Ip, string? RequestId) : ChangeActor(UserId, Role, Ip, RequestId)
{
    /// <summary>The process itself.</summary>
    public static new readonly Actor System = new(null, null, null, null);

    public static ValueTask<Actor> BindAsync(HttpContext http)
    {
        var caller = http.Features.Get<SignedInCaller>();
        var address = http.Connection.RemoteIpAddress;
        var ip = (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
        return ValueTask.FromResult(new Actor(caller?.UserId, caller?.Role, ip?[..Math.Min(ip.Length, 45)], http.TraceIdentifier));
    }
}
