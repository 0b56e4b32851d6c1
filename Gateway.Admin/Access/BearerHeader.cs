using Gateway.Admin.Conventions;

namespace Gateway.Admin.Access;

/// <summary>The header <c>Authorization: Bearer &lt;token&gt;</c>: the scheme in any case, exactly two parts.</summary>
internal static class BearerHeader
{
    /// <summary>The token, or what is wrong with the header.</summary>
    public static ApiError? TryRead(HttpRequest request, out string token)
    {
        token = "";
        var values = request.Headers.Authorization;
        if (values.Count == 0 || (values.Count == 1 && string.IsNullOrWhiteSpace(values[0])))
        {
            return ApiError.AuthorizationRequired;
        }
        var parts = values.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (values.Count != 1 || parts.Length != 2 || !parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return ApiError.AuthorizationMalformed;
        }
        token = parts[1];
        return null;
    }
}
