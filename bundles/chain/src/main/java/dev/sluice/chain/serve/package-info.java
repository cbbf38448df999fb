/** What the chain puts on the HTTP whiteboard: the one filter before everything, and the servlet after it. */
package dev.sluice.chain.serve;
