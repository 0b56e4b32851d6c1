using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Admin.Support;

public static class ApiCalls
{
    /// <summary>Calls <c>/api/v1</c>. A body that is a text goes as it is, with JSON's content type.</summary>
    public static async Task<ApiAnswer> SendAsync(
        this HttpClient client,
        string method,
        string path,
        object? body = null,
        Action<HttpRequestMessage>? adjust = null
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path);
        if (body is not null)
        {
            request.Content =
                body as HttpContent
                ?? new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }
        adjust?.Invoke(request);
        using var response = await client.SendAsync(request);
        var raw = await response.Content.ReadAsStringAsync();
        var isEvents = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var json = raw.Length == 0 || isEvents ? default : JsonDocument.Parse(raw).RootElement.Clone();
        if (await ApiContract.OfAsync(client) is { } contract)
        {
            Assert.Equal([], contract.Check(method, path, (int)response.StatusCode, json));
        }
        return new ApiAnswer(response.StatusCode, json, raw, response.Headers, response.Content.Headers);
    }

    public static Task<ApiAnswer> ReadAsync(this HttpClient client, string path) => client.SendAsync("GET", path);

    /// <summary>The member at a path such as <c>user.tier.name</c> or <c>data.0.id</c>.</summary>
    public static JsonElement At(this JsonElement element, string path)
    {
        foreach (var part in path.Split('.'))
        {
            element = element.ValueKind == JsonValueKind.Array ? element[int.Parse(part)] : element.GetProperty(part);
        }
        return element;
    }

    public static string Text(this JsonElement element, string path) => element.At(path).GetString()!;

    public static decimal Number(this JsonElement element, string path) => element.At(path).GetDecimal();

    /// <summary>The names of an object's members, in order of the alphabet.</summary>
    public static string[] MemberNames(this JsonElement element) =>
        [.. element.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal)];

    public static void HasExactly(this JsonElement element, params string[] members) =>
        Assert.Equal(members.Order(StringComparer.Ordinal), element.MemberNames());
}
