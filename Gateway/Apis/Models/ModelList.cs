using System.Text.Json.Serialization;

namespace Gateway.Apis.Models;

/// <summary><c>{"object":"list","data":[...]}</c>.</summary>
internal sealed record ModelList([property: JsonPropertyOrder(1)] IReadOnlyList<ListedModel> Data)
{
    public string Object => "list";
}
