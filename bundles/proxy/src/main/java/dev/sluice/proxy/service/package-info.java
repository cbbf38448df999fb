/** The proxy's place among the container's services: its configurations, and what it tells of its routes. */
package dev.sluice.proxy.service;
