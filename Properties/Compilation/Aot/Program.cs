using System.Runtime.CompilerServices;
using Functional.Properties.Compilation.Aot;

Console.WriteLine($"dynamic code: {RuntimeFeature.IsDynamicCodeSupported}");
foreach (var line in Sample.Lines()) Console.WriteLine(line);
