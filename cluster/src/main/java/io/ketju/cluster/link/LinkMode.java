package io.ketju.cluster.link;

/** How stages of one JVM reach each other. */
public enum LinkMode {
    /** In one JVM the lease itself moves; only to other JVMs are bytes sent. */
    LOCAL_WHERE_POSSIBLE,
    /** Over sockets even within one JVM: to test the data plane, or to measure it. */
    ALWAYS_SOCKETS,
    /** The same through shared memory, as between processes of one machine. */
    ALWAYS_SHARED_MEMORY
}
