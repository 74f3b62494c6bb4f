/** Ketju in other JVMs: as a contestant that answers like PyTorch does, fresh or spoilt. */
@NullMarked
package io.ketju.benchmarks.jvm;

import org.jspecify.annotations.NullMarked;
