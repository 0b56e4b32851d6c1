using System.Text;
using Gateway.Calls;

namespace Gateway.Realtime;

/// <summary>A refusal as an <c>error</c> event of a session: what stands in it is what stands in the body of a refused call.</summary>
internal static class ErrorEvent
{
    public static ReadOnlyMemory<byte> Of(Refusal refusal, string requestId)
    {
        var error = OpenAiErrors.Form.Serialize(refusal.Status, refusal.ToError(), requestId, isOurs: true, refusal.Details);
        var head = Encoding.UTF8.GetBytes($$"""{"type":"error","event_id":"event_{{Guid.CreateVersion7():N}}",""");
        return (byte[])[.. head, .. error.Span[1..]]; // behind the brace that the head has
    }
}
