using Gateway.Calls;

namespace Gateway.Ledger;

/// <summary>What this room knows of a call.</summary>
internal static class CallCapture
{
    extension(Call call)
    {
        /// <summary>Copies what goes to the client; null unless prompts and answers are kept.</summary>
        public ContentCapture? Capture => call.FindPart<ContentCapture>();
    }
}
