Console.WriteLine("Functional");
