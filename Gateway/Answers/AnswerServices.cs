using Gateway.Upstream;

namespace Gateway.Answers;

/// <summary>Registers the relays.</summary>
internal static class AnswerServices
{
    public static void AddAnswers(this IServiceCollection services)
    {
        services.AddSingleton<AnswerHeaders>();
        services.AddSingleton<PlainRelay>();
        services.AddSingleton<StreamRelay>();
        services.AddSingleton<MediaRelay>();
        services.AddSingleton<BackgroundResponses>();
        services.AddHostedService(provider => provider.GetRequiredService<BackgroundResponses>());
        services.AddSingleton<FailureRelay>();
        services.AddSingleton<IAnswerRelay, AnswerRelay>();
    }
}
