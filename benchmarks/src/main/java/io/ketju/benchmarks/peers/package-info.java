/** Contestants in other processes: PyTorch under Python, and other JVMs; they measure named work when told to. */
@NullMarked
package io.ketju.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
