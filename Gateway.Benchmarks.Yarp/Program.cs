using Gateway.Benchmarks.Operator;

await StockYarp.RunAsync(args[0]);
