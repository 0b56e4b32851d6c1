using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Access;

/// <summary>Who calls, as the database knows them at this moment (never as the token says).</summary>
internal sealed record SignedInCaller(string UserId, string Role, string SessionId)
{
    public bool IsAdmin => Role == Roles.Admin;

    public bool IsStaff => Role is Roles.Support or Roles.Admin;

    /// <summary>The caller of a route that demands one.</summary>
    public static ValueTask<SignedInCaller> BindAsync(HttpContext http) =>
        ValueTask.FromResult(
            http.Features.Get<SignedInCaller>() ?? throw new InvalidOperationException("The route has no authorization rule.")
        );

    /// <summary>The id in a path, where <c>me</c> stands for the caller's own.</summary>
    public string Resolve(string userId) => userId == "me" ? UserId : userId;
}
