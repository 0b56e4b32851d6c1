namespace Gateway.Admin.Access;

/// <summary>The user that <c>{user_id}</c> of a path means.</summary>
internal sealed record PathUser(string Id)
{
    public static async ValueTask<PathUser> BindAsync(HttpContext http) =>
        new((await SignedInCaller.BindAsync(http)).Resolve((string)http.Request.RouteValues["user_id"]!));
}
