ARG BASE
FROM $BASE
COPY consul /usr/local/bin/consul
CMD ["consul", "agent", "-dev"]
