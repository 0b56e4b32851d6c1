using Gateway.Hosting;

namespace Gateway.Tests.Commands;

public sealed class HostArgumentsTests
{
    [Theory]
    [InlineData("--Logging:LogLevel:Default=Debug", "", "--Logging:LogLevel:Default=Debug")]
    [InlineData("--Hub:ServerPort 0 ledger check", "ledger check", "--Hub:ServerPort 0")]
    [InlineData("ledger export --format csv", "ledger export --format csv", "")]
    [InlineData("ledger check --Logging:LogLevel:Microsoft.Hosting=Debug", "ledger check", "--Logging:LogLevel:Microsoft.Hosting=Debug")]
    [InlineData("--environment Production --foo=a:b x:y", "--environment Production --foo=a:b x:y", "")]
    public void Settings_with_a_section_go_to_the_configuration_and_the_rest_are_words(string args, string words, string configuration)
    {
        Assert.Null(HostArguments.Split(args.Split(' '), out var ours, out var theirs));
        Assert.Equal((words, configuration), (string.Join(' ', ours), string.Join(' ', theirs)));
    }

    [Theory]
    [InlineData("--urls", "--urls has no effect here: set SERVER_HOST and SERVER_PORT.")]
    [InlineData("--URLS=http://x", "--URLS has no effect here: set SERVER_HOST and SERVER_PORT.")]
    [InlineData("--http_ports=80", "--http_ports has no effect here: set SERVER_PORT.")]
    [InlineData("--contentRoot=/", "--contentRoot has no effect here: appsettings.json is read from the working directory.")]
    [InlineData("--Hub:ServerPort", "--Hub:ServerPort has no value; expected: --Hub:ServerPort=value.")]
    public void What_would_be_taken_without_an_effect_is_refused(string argument, string fault) =>
        Assert.Equal(fault, HostArguments.Split([argument], out _, out _));
}
