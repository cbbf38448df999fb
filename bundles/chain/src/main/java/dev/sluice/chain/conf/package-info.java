/**
 * What operators have written: the chain's own configuration, and the files of overrides and of traffic rules. How they are
 * read, what of them is in force, and what has to be mended. It tells the chain, and knows nothing of services.
 */
package dev.sluice.chain.conf;
