using Functional.Notebooks;

return await CommandLine.Run(args, Console.Out);
