using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace Gateway.Admin.OpenApi;

/// <summary>One method of one path under <c>/api/v1</c>, and what stands on the route.</summary>
internal sealed class DocumentedRoute(ApiDescription description)
{
    private readonly IList<object> _metadata = description.ActionDescriptor.EndpointMetadata;

    public string Method { get; } = description.HttpMethod!;

    /// <summary>Below <c>/api/v1</c>.</summary>
    public string Path { get; } =
        ("/" + description.RelativePath!.Trim('/')).Replace("{**", "{", StringComparison.Ordinal)[AdminServices.BasePath.Length..];

    /// <summary>A name for the operation: <c>getAdminUsersId</c>.</summary>
    public string Id =>
        Method.ToLowerInvariant()
        + string.Concat(
            Path.Split('/', '-', '_', '{', '}').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..])
        );

    public string Tag => Path.Split('/') is [_, "admin", var area, ..] ? $"admin: {area}" : Path.Split('/')[1];

    public static bool Is(ApiDescription description) =>
        description.RelativePath?.StartsWith(AdminServices.BasePath[1..] + "/", StringComparison.Ordinal) == true;

    public IEnumerable<T> All<T>() => _metadata.OfType<T>();

    public T? Find<T>() => All<T>().LastOrDefault();
}
