package io.ketju.tests.simulation;
import java.util.*;
import io.ketju.tensor.core.TensorCore;
import io.ketju.testkit.Oracle;
public class Try { public static void main(String[] a) throws Exception {
  String want = Oracle.of(Scenario.undisturbed()).stateSha256();
  Set<Bug> bugs = a.length>2 ? EnumSet.of(Bug.valueOf(a[2])) : Set.of();
  long first=Long.parseLong(a[0]), last=Long.parseLong(a[1]); int bad=0; long t=System.nanoTime(); long steps=0;
  try (TensorCore core = TensorCore.open(1)) {
   for (long s=first;s<last;s++) { Outcome[] o=new Outcome[2];
    for(int i=0;i<2;i++) try (Simulation sim = new Simulation(s, bugs, want, core)) { o[i]=sim.run(); }
    steps+=o[0].steps();
    if (last-first<30||o[0].violation().isPresent()) System.out.println(o[0]); if (o[0].violation().isPresent()) bad++;
    if (o[0].trace()!=o[1].trace()) System.out.println("  DIFFERENT "+o[1]); } }
  System.out.printf("%d bad, %.1f s, %d steps%n",bad,(System.nanoTime()-t)/1e9,steps); System.exit(0);
} }
