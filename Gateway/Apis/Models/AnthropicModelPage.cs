using System.Globalization;
using Gateway.Calls;

namespace Gateway.Apis.Models;

/// <summary>One page of Anthropic's list of models.</summary>
/// <param name="Data">The models.</param>
/// <param name="HasMore">Whether there are more in the direction that was asked for.</param>
/// <param name="FirstId">The first one's id; null on an empty page.</param>
/// <param name="LastId">The last one's id.</param>
internal sealed record AnthropicModelPage(IReadOnlyList<AnthropicModel> Data, bool HasMore, string? FirstId, string? LastId)
{
    private const int UsualLimit = 20;
    private const int LargestLimit = 1_000;

    /// <summary>Cuts the page that <c>limit</c>, <c>after_id</c> and <c>before_id</c> ask for; false with the refusal to give.</summary>
    public static bool TryRead(
        IQueryCollection query,
        IReadOnlyList<AnthropicModel> all,
        out AnthropicModelPage? page,
        out Refusal? refusal
    )
    {
        page = null;
        refusal = null;
        var limit = UsualLimit;
        if (
            query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LargestLimit)
        )
        {
            refusal = Refusals.InvalidMember("limit", $"a whole number from 1 to {LargestLimit}");
            return false;
        }
        var (after, before) = (query["after_id"].ToString(), query["before_id"].ToString());
        var found = IndexOf(all, after.Length > 0 ? after : before);
        if ((after.Length > 0 || before.Length > 0) && found < 0)
        {
            refusal = Refusals.InvalidMember(after.Length > 0 ? "after_id" : "before_id", "the id of a listed model");
            return false;
        }
        var isBackwards = after.Length == 0 && before.Length > 0;
        var start = isBackwards ? Math.Max(0, found - limit) : found + 1;
        var end = isBackwards ? found : Math.Min(all.Count, start + limit);
        var data = all.Skip(start).Take(end - start).ToList();
        page = new AnthropicModelPage(
            data,
            isBackwards ? start > 0 : end < all.Count,
            data.Count > 0 ? data[0].Id : null,
            data.Count > 0 ? data[^1].Id : null
        );
        return true;
    }

    private static int IndexOf(IReadOnlyList<AnthropicModel> all, string id)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Id == id)
            {
                return i;
            }
        }
        return -1;
    }
}
