using Gateway.Calls;

namespace Gateway.Bodies;

/// <summary>What this room knows of an API.</summary>
internal static class ApiBody
{
    extension(CallApi api)
    {
        /// <summary>What its body may hold.</summary>
        public IBodyForm BodyForm => (IBodyForm)api;
    }
}
