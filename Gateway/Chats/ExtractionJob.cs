namespace Gateway.Chats;

/// <summary>A message and its answer, out of which facts about a user are taken.</summary>
internal sealed record ExtractionJob(string UserId, string ChatId, string UserText, string AnswerText);
