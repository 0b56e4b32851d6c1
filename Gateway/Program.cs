using Gateway.Hosting;
using Gateway.Ledger;

try
{
    DotEnvFile.Apply(Directory.GetCurrentDirectory());
}
catch (StartFailedException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}

return args is ["ledger", .. var command]
    ? await LedgerCommand.RunAsync(command, Environment.GetEnvironmentVariables(), Console.Out, Console.Error)
    : await HubProcess.RunAsync(args);
