using Gateway.Calls;

namespace Gateway.Bodies;

/// <summary>What this room knows of a call.</summary>
internal static class CallBody
{
    extension(Call call)
    {
        /// <summary>The body and what it says.</summary>
        public RequestBody Body => call.Part<RequestBody>();
    }
}
